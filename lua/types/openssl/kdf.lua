---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Keys from passwords and from other keys (luaossl).
---@class openssl.kdf.library
local lib = {}

---A key of outlen bytes by PBKDF2 or HKDF.
---@param options table
---@return string?
---@return string?
function lib.derive(options) end

return lib
