---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Answers of HTTP as errors.
---@class net.http.errors.library
local lib = {}

---The error of a status.
---@param code integer
---@param body? string
---@param context? table
---@return table
function lib.new(code, body, context) end

return lib
