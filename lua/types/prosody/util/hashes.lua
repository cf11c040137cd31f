---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Hashes. With hex, the result is hexadecimal, else bytes.
---@class util.hashes.library
local lib = {}

---Compares in a time that tells nothing.
---@param a string
---@param b string
---@return boolean
function lib.equals(a, b) end

---Derives a key.
---@param length integer
---@param key string
---@param salt? string
---@param info? string
---@return string
function lib.hkdf_hmac_sha256(length, key, salt, info) end

---Derives a key.
---@param length integer
---@param key string
---@param salt? string
---@param info? string
---@return string
function lib.hkdf_hmac_sha384(length, key, salt, info) end

---HMAC with MD5.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.hmac_md5(key, bytes, hex) end

---HMAC with SHA-1.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.hmac_sha1(key, bytes, hex) end

---HMAC with SHA-224.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.hmac_sha224(key, bytes, hex) end

---HMAC with SHA-256.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.hmac_sha256(key, bytes, hex) end

---HMAC with SHA-384.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.hmac_sha384(key, bytes, hex) end

---HMAC with SHA-512.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.hmac_sha512(key, bytes, hex) end

---MD5.
---@param bytes string
---@param hex? boolean
---@return string
function lib.md5(bytes, hex) end

---Derives a key from a password.
---@param password string
---@param salt string
---@param iterations integer
---@return string
function lib.pbkdf2_hmac_sha1(password, salt, iterations) end

---Derives a key from a password.
---@param password string
---@param salt string
---@param iterations integer
---@return string
function lib.pbkdf2_hmac_sha256(password, salt, iterations) end

---The older name of pbkdf2_hmac_sha1.
---@param password string
---@param salt string
---@param iterations integer
---@return string
function lib.scram_Hi_sha1(password, salt, iterations) end

---SHA-1.
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha1(bytes, hex) end

---SHA-224.
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha224(bytes, hex) end

---SHA-256.
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha256(bytes, hex) end

---SHA-384.
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha384(bytes, hex) end

---SHA-512.
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha512(bytes, hex) end

return lib
