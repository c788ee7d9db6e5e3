"""Where people work and the record is kept. The only room with Django and a database."""
