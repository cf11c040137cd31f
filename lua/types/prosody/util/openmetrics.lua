---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Metrics.
---@class util.openmetrics.library
local lib = {}

---A family that is a metric where it has no labels.
---@param family table
---@param with_labels function
---@return table
function lib.new_metric_proxy(family, with_labels) end

---A registry of metrics.
---@param backend table
---@return table
function lib.new_metric_registry(backend) end

---The bound of a bucket as text.
---@param bound number
---@return string
function lib.render_histogram_le(bound) end

---Begins to measure a time; the function ends it.
---@param metric table
---@return fun()
function lib.timed(metric) end

return lib
