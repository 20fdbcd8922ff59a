package push

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// MaxPayload is how many bytes a message may have: with what is put around it a push
// service has to take 4096 (RFC 8291, section 4).
const MaxPayload = recordSize - headerBytes - tagBytes - 1

const (
	recordSize  = 4096
	saltBytes   = 16
	pointBytes  = 65
	tagBytes    = 16
	headerBytes = saltBytes + 4 + 1 + pointBytes
	padStep     = 256 // lengths of messages are told in steps of this
	lastRecord  = 2   // the delimiter between the message and its padding
)

var errLong = errors.New("the message is too long")

// encrypt makes the body of a push, with a new key and salt each time.
func encrypt(to recipient, message []byte) ([]byte, error) {
	if len(message) > MaxPayload {
		return nil, errLong
	}
	from, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return seal(to, from, salt, padded(message))
}

// padded is the message with its delimiter and padding.
func padded(message []byte) []byte {
	length := min((len(message)/padStep+1)*padStep, MaxPayload+1)
	record := make([]byte, length)
	copy(record, message)
	record[len(message)] = lastRecord
	return record
}

// seal is RFC 8291, section 3.4, over the one record of RFC 8188.
func seal(to recipient, from *ecdh.PrivateKey, salt, record []byte) ([]byte, error) {
	key, nonce, err := derive(to, from, salt)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	body := make([]byte, 0, headerBytes+len(record)+tagBytes)
	body = append(body, salt...)
	body = binary.BigEndian.AppendUint32(body, recordSize)
	body = append(body, pointBytes)
	body = append(body, from.PublicKey().Bytes()...)
	return gcm.Seal(body, nonce, record, nil), nil
}

// derive gives the key and the nonce that both sides can work out.
func derive(to recipient, from *ecdh.PrivateKey, salt []byte) (key, nonce []byte, err error) {
	shared, err := from.ECDH(to.key)
	if err != nil {
		return nil, nil, err
	}
	info := "WebPush: info\x00" + string(to.key.Bytes()) + string(from.PublicKey().Bytes())
	secret, err := hkdf.Key(sha256.New, shared, to.auth, info, sha256.Size)
	if err != nil {
		return nil, nil, err
	}
	root, err := hkdf.Extract(sha256.New, secret, salt)
	if err != nil {
		return nil, nil, err
	}
	if key, err = hkdf.Expand(sha256.New, root, "Content-Encoding: aes128gcm\x00", 16); err != nil {
		return nil, nil, err
	}
	nonce, err = hkdf.Expand(sha256.New, root, "Content-Encoding: nonce\x00", 12)
	return key, nonce, err
}
