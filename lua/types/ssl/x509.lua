---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Certificates (LuaSec).
---@class ssl.x509.library
local lib = {}

---Reads a certificate.
---@param pem string
---@return table?
---@return string?
function lib.load(pem) end

return lib
