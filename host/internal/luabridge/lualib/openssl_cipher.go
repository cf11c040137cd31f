package lualib

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const cipherClass = "cipher"

// aesCipher is an object of openssl.cipher. What it is fed with is kept: all comes out in the end.
type aesCipher struct {
	keySize   int
	mode      string // cbc, ctr, gcm
	key, iv   []byte
	encrypts  bool
	noPadding bool
	data      []byte
	tag       []byte // of GCM: to be compared, or what has been made
}

var cipherName = regexp.MustCompile(`^aes-(128|192|256)-(cbc|ctr|gcm)$`)

var (
	errCipherText = errors.New("bad decrypt")
	errBlocks     = errors.New("data not a multiple of the block length")
)

// openOpenSSLCipher makes openssl.cipher: new("AES-128-CBC"), with encrypt, decrypt, update, final, getTag and setTag, in the modes CBC,
// CTR and GCM.
func (l *library) openOpenSSLCipher(*lua.LState) lua.LValue {
	class := l.class(cipherClass, map[string]lua.LGFunction{
		"encrypt": beginCipher(true),
		"decrypt": beginCipher(false),
		"update":  updateCipher,
		"final":   finalCipher,
		"getTag":  func(L *lua.LState) int { return pushString(L, string(self[*aesCipher](L, cipherClass).tag)) },
		"setTag": func(L *lua.LState) int {
			self[*aesCipher](L, cipherClass).tag = []byte(L.CheckString(2))
			L.Push(L.Get(1))
			return 1
		},
	})
	return l.table(map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		found := cipherName.FindStringSubmatch(strings.ToLower(L.CheckString(1)))
		if found == nil {
			L.ArgError(1, "no cipher "+L.CheckString(1))
		}
		bits, _ := strconv.Atoi(found[1])
		L.Push(l.object(class, &aesCipher{keySize: bits / 8, mode: found[2]}))
		return 1
	}})
}

// beginCipher: key, initialisation vector, whether to pad (default true).
func beginCipher(encrypts bool) lua.LGFunction {
	return func(L *lua.LState) int {
		c := self[*aesCipher](L, cipherClass)
		c.key, c.iv, c.encrypts, c.data = []byte(L.CheckString(2)), []byte(L.CheckString(3)), encrypts, nil
		c.noPadding = L.Get(4) == lua.LFalse
		if len(c.key) != c.keySize {
			L.ArgError(2, "the key has the wrong size")
		}
		if len(c.iv) != aes.BlockSize && c.mode != "gcm" || len(c.iv) == 0 {
			L.ArgError(3, "the initialisation vector has the wrong size")
		}
		L.Push(L.Get(1))
		return 1
	}
}

func updateCipher(L *lua.LState) int {
	c := self[*aesCipher](L, cipherClass)
	for n := 2; n <= L.GetTop(); n++ {
		c.data = append(c.data, L.CheckString(n)...)
	}
	return pushString(L, "")
}

func finalCipher(L *lua.LState) int {
	updateCipher(L)
	c := self[*aesCipher](L, cipherClass)
	out, err := c.finish()
	c.data = nil
	if err != nil {
		return pushFailure(L, err.Error())
	}
	return pushString(L, string(out))
}

func (c *aesCipher) finish() ([]byte, error) {
	block, err := aes.NewCipher(c.key)
	if err != nil {
		return nil, err
	}
	switch c.mode {
	case "ctr":
		cipher.NewCTR(block, c.iv).XORKeyStream(c.data, c.data)
		return c.data, nil
	case "gcm":
		return c.finishGCM(block)
	}
	if c.encrypts {
		return c.encryptCBC(block)
	}
	return c.decryptCBC(block)
}

func (c *aesCipher) finishGCM(block cipher.Block) ([]byte, error) {
	aead, err := cipher.NewGCMWithNonceSize(block, len(c.iv))
	if err != nil {
		return nil, err
	}
	if !c.encrypts {
		out, err := aead.Open(nil, c.iv, append(c.data, c.tag...), nil)
		if err != nil {
			return nil, errCipherText
		}
		return out, nil
	}
	sealed := aead.Seal(nil, c.iv, c.data, nil)
	end := len(sealed) - aead.Overhead()
	c.tag = sealed[end:]
	return sealed[:end], nil
}

func (c *aesCipher) encryptCBC(block cipher.Block) ([]byte, error) {
	if !c.noPadding {
		n := aes.BlockSize - len(c.data)%aes.BlockSize
		c.data = append(c.data, strings.Repeat(string(rune(n)), n)...)
	}
	if len(c.data)%aes.BlockSize != 0 {
		return nil, errBlocks
	}
	cipher.NewCBCEncrypter(block, c.iv).CryptBlocks(c.data, c.data)
	return c.data, nil
}

func (c *aesCipher) decryptCBC(block cipher.Block) ([]byte, error) {
	if len(c.data)%aes.BlockSize != 0 {
		return nil, errBlocks
	}
	cipher.NewCBCDecrypter(block, c.iv).CryptBlocks(c.data, c.data)
	if c.noPadding {
		return c.data, nil
	}
	if len(c.data) == 0 {
		return nil, errCipherText
	}
	n := int(c.data[len(c.data)-1])
	if n < 1 || n > aes.BlockSize || n > len(c.data) {
		return nil, errCipherText
	}
	for _, b := range c.data[len(c.data)-n:] {
		if int(b) != n {
			return nil, errCipherText
		}
	}
	return c.data[:len(c.data)-n], nil
}
