using System.Globalization;
using Fluid;
using Fluid.Values;
using LeadFunctions.Conditions.Values;
using NodaTime;

namespace LeadFunctions.Templates.Liquid;

/// <summary>All that one filling in may know, and what it finds missing.</summary>
internal sealed class LiquidContext : TemplateContext
{
    private static readonly TemplateOptions Language = Made();

    private readonly Func<string, Value> _find;
    private readonly Dictionary<string, FluidValue?> _found = [];
    private readonly LiquidWork _work;

    /// <param name="find">The value at a path; missing or null for none.</param>
    /// <param name="work">Of all texts that are filled in together; null: of this one.</param>
    public LiquidContext(Func<string, Value> find, DateTimeZone zone, LocaleWords words, DateTimeOffset now, ISet<string>? missing = null, LiquidWork? work = null)
        : base(Language)
    {
        (_find, Zone, Words, Missing, _work) = (find, zone, words, missing ?? new SortedSet<string>(StringComparer.Ordinal), work ?? new());
        Now = () => now;
    }

    public DateTimeZone Zone { get; }

    public LocaleWords Words { get; }

    /// <summary>Variables that were to be written and had no value.</summary>
    public ISet<string> Missing { get; }

    /// <summary>Null for none.</summary>
    public FluidValue? Find(string path)
    {
        if (!_found.TryGetValue(path, out var value))
        {
            _found[path] = value = _find(path) is { Exists: true } known ? LiquidValues.Of(known) : null;
        }

        return value;
    }

    /// <summary>Counts work, about a character of text read or written. What it may come to is the same on every machine.</summary>
    public void Spend(long work) => _work.Spend(work);

    /// <summary>Counts what it takes to look at a value, and refuses one that has grown too large.</summary>
    public FluidValue Spend(FluidValue value)
    {
        switch (value)
        {
            case StringValue or MarkupValue:
                var length = value.ToStringValue().Length;
                Spend(length + 10);
                return length <= LiquidLimits.Text ? value : throw new LiquidFaultException($"A text in it grows beyond {LiquidLimits.Text} characters.");
            case ArrayValue list:
                Spend(list.Values.Count + 10);
                return list.Values.Count <= LiquidLimits.Items ? list : throw new LiquidFaultException($"A list in it grows beyond {LiquidLimits.Items} items.");
            default:
                Spend(10);
                return value;
        }
    }

    private static TemplateOptions Made()
    {
        var options = new TemplateOptions
        {
            CultureInfo = CultureInfo.InvariantCulture,
            MaxSteps = LiquidLimits.Steps,
            MaxRecursion = LiquidLimits.Recursion,
            StrictFilters = true,
        };
        options.Filters.Clear();
        foreach (var (name, filter) in LiquidFilters.All)
        {
            options.Filters.AddFilter(name, filter);
        }

        return options;
    }
}
