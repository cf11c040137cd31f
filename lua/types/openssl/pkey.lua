---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Keys of RSA, elliptic curves and Ed25519 (luaossl).
---@class openssl.pkey.library
local lib = {}

---A key that is read, or made as { type, bits, curve } says: sign, verify, toPEM, type.
---@param pem string|table
---@return table
function lib.new(pem) end

return lib
