// Package waiting knows how long clients wait for an answer.
package waiting
