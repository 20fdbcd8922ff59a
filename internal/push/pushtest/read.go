package pushtest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

var errShort = errors.New("the body is shorter than its header and one record")

// Decrypt reads the body of a push as a browser with this key and secret does.
func Decrypt(private *ecdh.PrivateKey, secret, body []byte) ([]byte, error) {
	const header = 16 + 4 + 1
	if len(body) < header || len(body) < header+int(body[20])+17 {
		return nil, errShort
	}
	salt, size, idlen := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	id, record := body[header:header+idlen], body[header+idlen:]
	if int(size) < len(record) {
		return nil, fmt.Errorf("more than one record: records of %d bytes, and %d come", size, len(record))
	}
	sender, err := ecdh.P256().NewPublicKey(id)
	if err != nil {
		return nil, fmt.Errorf("the sender's key: %w", err)
	}
	shared, err := private.ECDH(sender)
	if err != nil {
		return nil, err
	}
	info := bytes.Join([][]byte{[]byte("WebPush: info\x00"), private.PublicKey().Bytes(), id, {1}}, nil)
	root := mac(salt, mac(mac(secret, shared), info))
	key := mac(root, []byte("Content-Encoding: aes128gcm\x00\x01"))[:16]
	nonce := mac(root, []byte("Content-Encoding: nonce\x00\x01"))[:12]
	return open(key, nonce, record)
}

// mac is HMAC with SHA-256, which is both halves of HKDF where 32 bytes are enough.
func mac(key, data []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(data)
	return h.Sum(nil)
}

func open(key, nonce, record []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, record, nil)
	if err != nil {
		return nil, fmt.Errorf("the record: %w", err)
	}
	message := bytes.TrimRight(plain, "\x00")
	if len(message) == 0 || message[len(message)-1] != 2 {
		return nil, errors.New("the record is not delimited as the last one")
	}
	return message[:len(message)-1], nil
}
