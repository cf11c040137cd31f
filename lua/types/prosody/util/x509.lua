---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Certificates.
---@class util.x509.library
local lib = {}

---DER as PEM.
---@param data string
---@param type? string
---@return string
function lib.der2pem(data, type) end

---PEM as DER.
---@param pem string
---@return string?
---@return string?
function lib.pem2der(pem) end

---Whether a certificate is for a host.
---@param host string
---@param service string|false
---@param certificate table
---@return boolean
function lib.verify_identity(host, service, certificate) end

return lib
