---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Logs; module:log is what modules need.
---@class util.logger.library
local lib = {}

---Does nothing: the server has one log.
---@param sink function
---@param levels? string[]
function lib.add_simple_sink(sink, levels) end

---Does nothing: the server has one log.
---@param level string
---@param sink function
function lib.add_sink(level, sink) end

---A function that logs in a name.
---@param name string
---@return fun(level: string, format: string, ...: any)
function lib.init(name) end

---The same for one level.
---@param name string
---@param level string
---@return fun(format: string, ...: any)
function lib.make_logger(name, level) end

---Does nothing.
function lib.reset() end

return lib
