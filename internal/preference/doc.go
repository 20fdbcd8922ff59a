// Package preference says which notifications a person gets.
package preference
