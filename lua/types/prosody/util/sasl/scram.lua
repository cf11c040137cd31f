---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The keys that SCRAM stores: hashers[name](password, salt, iterations) gives true, stored key and server key.
---@class util.sasl.scram.library
local lib = {}

---That of SHA-1.
---@param password string
---@param salt string
---@param iterations number
---@return boolean
---@return string
---@return string
function lib.getAuthenticationDatabaseSHA1(password, salt, iterations) end

---Makes such a function.
---@param hash function
---@param hmac function
---@param pbkdf2 function
---@return function
function lib.get_hash(hash, hmac, pbkdf2) end

---Does nothing: util.sasl has the mechanisms.
function lib.init() end

return lib
