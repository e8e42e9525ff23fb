using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Clock;

/// <summary>Whose time it is.</summary>
/// <param name="Clock"><c>LeadFunctions__Clock</c>: <c>real</c>, or <c>movable</c> where weeks are tried out in minutes.</param>
/// <param name="Staging"><c>LeadFunctions__Staging</c>: this deployed app is there to be tried out, so its clock may be movable.</param>
public sealed record ClockOptions(string Clock, string Staging)
{
    public const string ClockSetting = "LeadFunctions__Clock";
    public const string StagingSetting = "LeadFunctions__Staging";

    private const string Real = "real";
    private const string Movable = "movable";

    public bool IsMovable => Is(Clock, Movable);

    public static ClockOptions From(IConfiguration configuration) =>
        new(configuration["LeadFunctions:Clock"] is { Length: > 0 } clock ? clock : Real, configuration["LeadFunctions:Staging"] ?? "");

    /// <summary>Why an app must not start with these: one sentence each; empty when it may.</summary>
    public IReadOnlyList<string> Faults(bool isDeployed)
    {
        if (!IsMovable && !Is(Clock, Real))
        {
            return [$"The app does not start: the setting {ClockSetting} is neither {Real} nor {Movable}."];
        }

        return IsMovable && isDeployed && !Is(Staging, "true")
            ? [$"The app does not start: the setting {ClockSetting} is {Movable}, so that whoever has an admin key could move time for everybody. Set it to {Real}; or, where nobody's real leads are, set {StagingSetting} to true."]
            : [];
    }

    private static bool Is(string value, string expected) => value.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
