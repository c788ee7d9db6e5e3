"""What a witness can show later: every exchange, in order, so that no byte can be changed unseen.

A folder holds
    chain.jsonl         one line for all that happened, each naming the digest of the line before
    exchanges.warc.gz   what went over the wire; a body once for each digest (ISO 28500)
    stamps/ROOT.tsr     an outside authority's word that the root existed then (RFC 3161)
    head                how far the chain went, and the digest of its last line
"""
