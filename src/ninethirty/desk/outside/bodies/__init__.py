"""Bodies that reports are submitted to: another installation, or a mailbox."""
