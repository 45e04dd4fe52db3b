"""What config.yml and endpoints.yml name: the project's own parts of Rasa."""
