using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Clock;

/// <summary>Whose time it is.</summary>
/// <param name="Clock"><c>LeadFunctions__Clock</c>: <c>real</c>, or <c>movable</c> where weeks are tried out in minutes.</param>
/// <param name="Staging"><c>LeadFunctions__Staging</c>: this deployed app is there to be tried out, so its clock may be movable.</param>
public sealed record ClockOptions(string Clock, string Staging)
{
    public const string ClockSetting = "LeadFunctions__Clock";
    public const string StagingSetting = "LeadFunctions__Staging";

    public static ClockOptions From(IConfiguration configuration) => new(configuration["LeadFunctions:Clock"] ?? "", configuration["LeadFunctions:Staging"] ?? "");
}
