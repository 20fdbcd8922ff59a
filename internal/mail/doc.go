// Package mail writes the mails of Hearth and hands them to an SMTP server.
//
// A mail says as little as it can: it greets nobody by name, its subject has no name and
// no word about health, and it holds one link whose secret stands in the fragment (after
// #), which browsers do not send to servers. Every mail is plain text and HTML with the
// same words, without pictures or anything that a mail program would fetch.
//
// A mail that carries the practice's name carries its colour, in a band and on the button;
// whatever the colour, the words on it and beside it can be read, also where the mail
// program is dark. A mail that does not name the practice has Hearth's own.
//
// [Parse] reads the operator's settings and says what is wrong with them without repeating
// a password. [SMTP.Send] gives an error that [Permanent] tells apart: trying again is of
// use or not. Neither puts an address or a text into an error, so errors may be logged.
//
// Nothing that people chose (the practice's name, an address) can add a header or a second
// recipient: [Message] refuses line breaks and addresses that are not one address.
//
// [ReadReport] reads what mail servers say later about a mail that did not arrive. It takes
// anything that somebody sends, within bounds, and keeps three numbers of it.
package mail
