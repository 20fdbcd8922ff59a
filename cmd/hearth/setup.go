package main

import "strings"

// flagOf names the flag of setup behind a field of the domain.
func flagOf(field string) string {
	switch field {
	case "name":
		return "--organization"
	case "email", "owner_email":
		return "--owner-email"
	case "password":
		return "--owner-password-file"
	}
	return "--" + strings.ReplaceAll(field, "_", "-")
}
