"""What every page looks like and says: layout, components, form fields, error pages, public pages."""
