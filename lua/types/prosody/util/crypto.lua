---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Keys, signatures and AES (Prosody 13).
---@class util.crypto.library
local lib = {}

---Decrypts, nil if the tag is wrong.
---@param key string
---@param nonce string
---@param text string
---@return string?
---@return string?
function lib.aes_128_gcm_decrypt(key, nonce, text) end

---Encrypts; the tag is at the end.
---@param key string
---@param nonce string
---@param text string
---@return string
function lib.aes_128_gcm_encrypt(key, nonce, text) end

---Decrypts.
---@param key string
---@param iv string
---@param text string
---@return string
function lib.aes_256_ctr_decrypt(key, iv, text) end

---Encrypts.
---@param key string
---@param iv string
---@param text string
---@return string
function lib.aes_256_ctr_encrypt(key, iv, text) end

---Decrypts, nil if the tag is wrong.
---@param key string
---@param nonce string
---@param text string
---@return string?
---@return string?
function lib.aes_256_gcm_decrypt(key, nonce, text) end

---Encrypts; the tag is at the end.
---@param key string
---@param nonce string
---@param text string
---@return string
function lib.aes_256_gcm_encrypt(key, nonce, text) end

---Undoes that.
---@param r string
---@param s string
---@return string?
---@return string?
function lib.build_ecdsa_signature(r, s) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.ecdsa_sha256_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.ecdsa_sha256_verify(key, message, signature) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.ed25519_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.ed25519_verify(key, message, signature) end

---A new key of Ed25519.
---@return table
function lib.generate_ed25519_keypair() end

---A new key of the curve P-256.
---@return table
function lib.generate_p256_keypair() end

---A private key: get_type, private_pem, public_pem, derive.
---@param pem string
---@return table?
---@return string?
function lib.import_private_pem(pem) end

---A public key.
---@param pem string
---@return table?
---@return string?
function lib.import_public_pem(pem) end

---The two numbers of a signature.
---@param der string
---@param size? integer
---@return string?
---@return string
function lib.parse_ecdsa_signature(der, size) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.rsassa_pkcs1_sha256_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.rsassa_pkcs1_sha256_verify(key, message, signature) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.rsassa_pkcs1_sha384_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.rsassa_pkcs1_sha384_verify(key, message, signature) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.rsassa_pkcs1_sha512_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.rsassa_pkcs1_sha512_verify(key, message, signature) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.rsassa_pss_sha256_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.rsassa_pss_sha256_verify(key, message, signature) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.rsassa_pss_sha384_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.rsassa_pss_sha384_verify(key, message, signature) end

---Signs.
---@param key table
---@param message string
---@return string
function lib.rsassa_pss_sha512_sign(key, message) end

---Verifies.
---@param key table
---@param message string
---@param signature string
---@return boolean
function lib.rsassa_pss_sha512_verify(key, message, signature) end

return lib
