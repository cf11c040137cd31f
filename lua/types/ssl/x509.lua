---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Certificates, as in LuaSec.
---@class ssl.x509.library
local lib = {}

---A certificate of its text in PEM.
---@param pem string
---@return table?
---@return string?
function lib.load(pem) end

return lib
