using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Tracker;

/// <summary>Serves the tracker to any site.</summary>
public sealed class TrackerFunctions
{
    private static readonly BrowserScript Script = new("tracker", "lf.js");

    [Function(nameof(GetTracker))]
    public IResult GetTracker([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "lf.js")] HttpRequest request) => Script.Answer(request);
}
