---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The older names of hashes with keys.
---@class util.hmac.library
local lib = {}

---HMAC with MD5.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.md5(key, bytes, hex) end

---HMAC with SHA-1.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha1(key, bytes, hex) end

---HMAC with SHA-256.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha256(key, bytes, hex) end

---HMAC with SHA-512.
---@param key string
---@param bytes string
---@param hex? boolean
---@return string
function lib.sha512(key, bytes, hex) end

return lib
