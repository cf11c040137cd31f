---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Hexadecimal text.
---@class util.hex.library
local lib = {}

---Decodes.
---@param text string
---@return string?
function lib.decode(text) end

---Encodes.
---@param bytes string
---@return string
function lib.encode(bytes) end

---The older name of decode.
---@param text string
---@return string?
function lib.from(text) end

---The older name of encode.
---@param bytes string
---@return string
function lib.to(bytes) end

return lib
