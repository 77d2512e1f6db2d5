"""Classifications: ISCO-08 of occupations, ISCED-F 2013 of fields of education, and ESCO.

This service uses the ESCO classification of the European Commission.
"""
