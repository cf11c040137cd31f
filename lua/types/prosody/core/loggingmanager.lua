---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Where else the log goes.
---@class core.loggingmanager.library
local lib = {}

---Makes a sink for each entry of the option log that wants one of the name.
---@param name string
---@param maker fun(config: table): function
---@return function?
function lib.register_sink_type(name, maker) end

---Does nothing.
function lib.reload_logging() end

return lib
