---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Loading code into an environment.
---@class util.envload.library
local lib = {}

---Compiles a text.
---@param code string
---@param source? string
---@param env? table
---@return function?
---@return string?
function lib.envload(code, source, env) end

---Compiles a file.
---@param name string
---@param env? table
---@return function?
---@return string?
function lib.envloadfile(name, env) end

return lib
