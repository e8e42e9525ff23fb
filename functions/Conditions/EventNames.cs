namespace LeadFunctions.Conditions;

/// <summary>A set of event names, or all names but those: for which events a part of a condition can have an answer.</summary>
internal readonly record struct EventNames(bool AllBut, IReadOnlySet<string> Names)
{
    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    public static readonly EventNames Any = new(true, Nothing);

    public static readonly EventNames None = new(false, Nothing);

    public static EventNames Of(IEnumerable<string> names) => new(false, names.ToHashSet(StringComparer.Ordinal));

    public EventNames Inverse => this with { AllBut = !AllBut };

    public EventNames And(EventNames other) => (AllBut, other.AllBut) switch
    {
        (false, false) => Of(Names.Where(other.Names.Contains)),
        (false, true) => Of(Names.Except(other.Names)),
        (true, false) => Of(other.Names.Except(Names)),
        _ => Of(Names.Concat(other.Names)).Inverse,
    };

    public EventNames Or(EventNames other) => Inverse.And(other.Inverse).Inverse;
}
