// Package fields fills the places of a text that are different for each reader, such as
// {{first_name}}, for templates and for message blasts.
//
// Values are data: a name never becomes formatting, a link, a mention or another field.
// Everything here is a pure function.
package fields
