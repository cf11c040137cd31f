-- Measures something of each kind as it loads.
module:measure("things", "amount", { unit = "pieces", description = "Things that there are" })(5);
module:measure("acts", "rate")();
module:measure("acts", "rate")();
module:measure("lengths", "sizes")(2000);
local stop = module:measure("waits", "times")();
stop();
module:metric("counter", "verses", "", "Verses spoken", { "act" }):with_labels("two"):add(14);
module:metric("gauge", "volume", "", "How loud they are"):set(11);

local updates = 0;
module:hook_global("stats-update", function () updates = updates + 1; end);
module:hook_global("openmetrics-updated", function (event) assert(event.metric_registry:get_metric_families()); end);

