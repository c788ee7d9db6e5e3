"""The platform's support: asked once per incident, updated, and listened to."""
