using System.Collections.Frozen;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Interests;

/// <summary>Events that tell of an interest.</summary>
/// <param name="Properties">Where they say what was looked at; the first that says something counts.</param>
/// <param name="Weight">How much one counts.</param>
internal sealed record InterestSource(IReadOnlyList<string> Events, IReadOnlyList<PropertyPath> Properties, double Weight);

/// <summary>What is told apart: categories, products, topics. An event counts for the first of the sources that it is among.</summary>
internal sealed class InterestDimension(string name, IReadOnlyList<InterestSource> sources)
{
    /// <summary>Of a value, in characters.</summary>
    private const int ValueLimit = 100;

    /// <summary>Of one event: an order may have hundreds of lines.</summary>
    private const int ValuesOfEvent = 50;

    public string Name => name;

    public IReadOnlyList<InterestSource> Sources => sources;

    /// <summary>Names of the events that tell of it.</summary>
    public IReadOnlyList<string> Events { get; } = [.. sources.SelectMany(source => source.Events).Distinct()];

    /// <summary>Of what is kept of a lead's events: another weight or half-life keeps no other looks, another event or property does.</summary>
    public string Key { get; } = $"{TextHash.Of(string.Join('\n', sources.Select(source => $"{string.Join('\t', source.Events)}\r{string.Join('\t', source.Properties.Select(path => path.Text))}"))):x16}";

    public IReadOnlyList<Look> LooksOf(LeadEvent e)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            if (!sources[i].Events.Contains(e.Name))
            {
                continue;
            }

            foreach (var path in sources[i].Properties)
            {
                var values = path.FindAll(e).Select(Value.From).Where(value => value.Text is not null || value.Number is not null).Select(value => EventText.Cut(value.ToString().Trim(), ValueLimit)).Where(text => text.Length > 0);
                Look[] looks = [.. values.Take(ValuesOfEvent).Select(value => new Look(e.At.ToUnixTimeMilliseconds(), value, i))];
                if (looks.Length > 0)
                {
                    return looks;
                }
            }

            return [];
        }

        return [];
    }
}

/// <summary>What interests are made of: part of the scoring model that is live, or what holds where it says nothing of them.</summary>
internal sealed class InterestRules
{
    private readonly FrozenDictionary<string, IReadOnlyList<InterestDimension>> _byEvent;
    private readonly FrozenDictionary<string, InterestDimension> _byName;
    private readonly FrozenSet<string> _keys;

    public InterestRules(TimeSpan halfLife, IReadOnlyList<InterestDimension> dimensions)
    {
        (HalfLife, Dimensions) = (halfLife, dimensions);
        _byEvent = dimensions.SelectMany(dimension => dimension.Events).Distinct()
            .ToFrozenDictionary(name => name, name => (IReadOnlyList<InterestDimension>)[.. dimensions.Where(dimension => dimension.Events.Contains(name))], StringComparer.Ordinal);
        _byName = dimensions.ToFrozenDictionary(dimension => dimension.Name, StringComparer.Ordinal);
        _keys = dimensions.Select(dimension => dimension.Key).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Nothing is looked at.</summary>
    public static InterestRules None { get; } = new(TimeSpan.FromDays(30), []);

    /// <summary>Segment's e-commerce events, and pages and screens that say what they are about.</summary>
    public static InterestRules Default { get; } = new(TimeSpan.FromDays(30),
    [
        new("product", Goods(["name", "product_id", "productId", "sku"])),
        new("category", [.. Goods(["category"]), new(["Product List Viewed", "Product List Filtered", "page", "screen"], [new("category")], 1)]),
        new("topic", [new(["page", "screen"], [new("topic"), new("topics")], 1)]),
    ]);

    public TimeSpan HalfLife { get; }

    public IReadOnlyList<InterestDimension> Dimensions { get; }

    public IReadOnlyList<InterestDimension> DimensionsOf(string eventName) => _byEvent.GetValueOrDefault(eventName, []);

    public InterestDimension? Find(string name) => _byName.GetValueOrDefault(name);

    public bool IsKept(string key) => _keys.Contains(key);

    /// <summary>As of a time: looks that lie in its future do not count yet.</summary>
    public InterestView Of(InterestDimension dimension, Looks looks, DateTimeOffset at)
    {
        var span = looks.Span;
        var (ms, halfLife) = (at.ToUnixTimeMilliseconds(), HalfLife.TotalMilliseconds);
        var count = span.Length;
        while (count > 0 && span[count - 1].At > ms)
        {
            count--;
        }

        if (count == 0)
        {
            return span.Length == 0 ? InterestView.None : new([], 0, halfLife, span[0].At);
        }

        var (newest, total) = (span[count - 1].At, 0.0);
        var weights = new Dictionary<string, (string Spelt, double Weight, long Last)>(StringComparer.OrdinalIgnoreCase);
        foreach (var look in span[..count])
        {
            var weight = dimension.Sources[look.Source].Weight * double.Exp2(-(newest - look.At) / halfLife);
            weights[look.Value] = (look.Value, weights.GetValueOrDefault(look.Value).Weight + weight, look.At);
            total += weight;
        }

        var ranked = weights.Values.Select(one => new Interest(one.Spelt, one.Weight, one.Weight / total, one.Last))
            .OrderByDescending(one => one.Weight).ThenByDescending(one => one.Last).ThenBy(one => one.Value, StringComparer.Ordinal);
        return new([.. ranked], newest, halfLife, count < span.Length ? span[count].At : long.MaxValue);
    }

    private static IReadOnlyList<InterestSource> Goods(IReadOnlyList<string> properties)
    {
        IReadOnlyList<PropertyPath> paths = [.. properties.Select(property => new PropertyPath(property))];
        return
        [
            new(["Product Viewed"], paths, 1),
            new(["Product Added"], paths, 3),
            new(["Order Completed"], [.. properties.Select(property => new PropertyPath($"products.{property}"))], 5),
        ];
    }
}
