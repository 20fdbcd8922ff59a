// Package push hands messages to Web Push services.
package push
