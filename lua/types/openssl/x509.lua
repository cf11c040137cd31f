---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Certificates (luaossl).
---@class openssl.x509.library
local lib = {}

---A certificate: getPublicKey, getLifetime, getSubject, getIssuer, getSerial, digest, toPEM.
---@param pem string
---@return table
function lib.new(pem) end

return lib
