namespace LeadFunctions.Clock;

/// <summary>What the settings say of the clock, and whether an app may start with that.</summary>
internal static class SafeClock
{
    private const string Real = "real";
    private const string Movable = "movable";

    public static bool IsMovable(this ClockOptions options) => Is(options.Clock, Movable);

    /// <summary>Why it must not: one sentence each; empty when it may.</summary>
    public static IReadOnlyList<string> Faults(this ClockOptions options, bool isDeployed)
    {
        if (options.Clock.Length > 0 && !options.IsMovable() && !Is(options.Clock, Real))
        {
            return [$"The app does not start: the setting {ClockOptions.ClockSetting} is neither {Real} nor {Movable}."];
        }

        return options.IsMovable() && isDeployed && !Is(options.Staging, "true")
            ? [$"The app does not start: the setting {ClockOptions.ClockSetting} is {Movable}, so that whoever has an admin key could move time for everybody. Set it to {Real}; or, where nobody's real leads are, set {ClockOptions.StagingSetting} to true."]
            : [];
    }

    private static bool Is(string value, string expected) => value.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
