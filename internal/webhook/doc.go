// Package webhook tells other programs what happened.
package webhook
