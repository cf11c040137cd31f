---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---AES in the modes CBC, CTR and GCM (luaossl).
---@class openssl.cipher.library
local lib = {}

---A cipher: encrypt, decrypt, update, final, getTag, setTag.
---@param type string
---@return table
function lib.new(type) end

return lib
