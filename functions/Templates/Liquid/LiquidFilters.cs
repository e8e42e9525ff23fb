using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Filters;
using Fluid.Values;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Templates.Liquid;

/// <summary>The filters that a text may use: Liquid's own where they take and give plain values, and those that mail needs. None lets a value pass unescaped.</summary>
internal static partial class LiquidFilters
{
    /// <summary>What is put behind a value at the beginning of an address, and in a style, by whoever compiles HTML.</summary>
    public const string InAddress = "in_address", InStyle = "in_style";

    private static readonly string[] Usual =
    [
        "append", "capitalize", "downcase", "lstrip", "rstrip", "strip", "strip_newlines", "prepend", "remove", "remove_first", "remove_last", "replace", "replace_first", "replace_last", "slice", "split",
        "truncate", "truncatewords", "upcase", "url_encode", "url_decode", "strip_html",
        "abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times",
        "compact", "concat", "first", "join", "last", "map", "reverse", "size", "sort", "sort_natural", "sum", "uniq", "where",
    ];

    public static readonly FrozenDictionary<string, FilterDelegate> All = new TemplateOptions().Filters.Where(filter => Usual.Contains(filter.Key))
        .Select(filter => KeyValuePair.Create(filter.Key, Limited(filter.Value)))
        .Concat(
        [
            .. new (string Name, FilterDelegate Filter)[]
            {
                ("default", Default), ("date", Date), ("money", Money), ("number", Number), ("plural", Plural), ("escape", Same), ("newline_to_br", Lines), (InAddress, Address), (InStyle, Style),
            }.Select(own => KeyValuePair.Create(own.Name, Limited(own.Filter))),
        ]).ToFrozenDictionary();

    /// <summary>As people may write them.</summary>
    public static readonly IReadOnlyList<string> Names = [.. All.Keys.Except([InAddress, InStyle]).Order(StringComparer.Ordinal)];

    /// <summary>Of calling any filter, however little it has to do: in characters, as all work.</summary>
    private const int Call = 50;

    // Values grow by filters alone: each step of that is bounded, so that no number of them goes far.
    private static FilterDelegate Limited(FilterDelegate filter) => (input, arguments, context) =>
    {
        var mine = (LiquidContext)context;
        mine.Spend(Call);
        mine.Spend(input);
        var lengths = (arguments.Values ?? []).Select(argument => argument is StringValue ? argument.ToStringValue().Length : 0).DefaultIfEmpty(0).Max();
        if (input is StringValue text && (long)text.ToStringValue().Length * lengths > LiquidLimits.Work / 3)
        {
            throw new LiquidFaultException($"A text in it grows beyond {LiquidLimits.Text} characters.");
        }

        return new(mine.Spend(filter(input, arguments, context).GetAwaiter().GetResult()));
    };

    // What is missing and has a default is not missing.
    private static ValueTask<FluidValue> Default(FluidValue input, FilterArguments arguments, TemplateContext context) => MiscFilters.Default(input, arguments, context);

    // All is escaped where it is written: to do it here as well would show it escaped.
    private static ValueTask<FluidValue> Same(FluidValue input, FilterArguments arguments, TemplateContext context) => new(input);

    /// <summary>Line breaks of a value as HTML shows them; the rest of it is escaped here.</summary>
    private static ValueTask<FluidValue> Lines(FluidValue input, FilterArguments arguments, TemplateContext context) => new(new MarkupValue(
        LiquidText.Html.Encode(input.ToStringValue().ReplaceLineEndings("\n")).Replace("&#xA;", "\n", StringComparison.Ordinal).Replace("\n", "<br>\n", StringComparison.Ordinal)));

    /// <summary>By name (<c>short</c>, <c>medium</c>, <c>long</c>, <c>full</c>, <c>time</c>) or pattern (<c>%d.%m.%Y</c>), in the lead's zone and the text's language.</summary>
    private static ValueTask<FluidValue> Date(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var mine = (LiquidContext)context;
        if (MomentOf(input, mine) is not { } moment)
        {
            return new(input);
        }

        var asked = arguments.At(0).IsNil() ? "medium" : arguments.At(0).ToStringValue();
        var pattern = mine.Words.Dates.GetValueOrDefault(asked) ?? asked;
        if (FaultOfPattern(pattern) is { } fault)
        {
            throw new LiquidFaultException(fault);
        }

        mine.Spend((pattern.Length + 1) * LiquidLimits.DatePart);
        context.CultureInfo = mine.Words.CultureFor(pattern);
        try
        {
            return MiscFilters.Date(new DateTimeValue(moment), new FilterArguments(new StringValue(pattern)), context);
        }
        finally
        {
            context.CultureInfo = CultureInfo.InvariantCulture;
        }
    }

    /// <summary>A width asks for as many characters as it says, and the library makes them: null where that stays small.</summary>
    internal static string? FaultOfPattern(string pattern) =>
        pattern.Length > LiquidLimits.DatePattern ? $"A date's pattern is longer than {LiquidLimits.DatePattern} characters."
        : LongWidth().IsMatch(pattern) ? $"A width in the date's pattern \"{pattern}\" has more than two digits."
        : null;

    [GeneratedRegex("%[^0-9A-Za-z%]*[0-9]{3}", RegexOptions.NonBacktracking)]
    private static partial Regex LongWidth();

    private static DateTimeOffset? MomentOf(FluidValue input, LiquidContext context)
    {
        if (input.IsNil())
        {
            return null;
        }

        var text = input.ToStringValue().Trim();
        Span<char> buffer = stackalloc char[Scalar.NumberLength];
        var value = input is NumberValue number ? Value.From((double)number.ToNumberValue()) : Value.From(text);
        var moment = text is "now" or "today" ? context.Now() : Dates.TryRead(Scalar.Of(value, buffer), out var read) ? read : default(DateTimeOffset?);

        // What was written as a midnight is that day, wherever the lead lives.
        return moment is not { } at ? null
            : text is not ("now" or "today") && at.TimeOfDay == TimeSpan.Zero ? at
            : NodaTime.Instant.FromDateTimeOffset(at).InZone(context.Zone).ToDateTimeOffset();
    }

    /// <summary>By the currency's ISO code, as the text's language writes it.</summary>
    private static ValueTask<FluidValue> Money(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var mine = (LiquidContext)context;
        return new(NumberOf(input, context) is { } amount ? new StringValue(mine.Words.Money(amount, arguments.At(0).ToStringValue().Trim().ToUpperInvariant())) : input);
    }

    /// <summary>Grouped; with so many decimals, else with those that it has.</summary>
    private static ValueTask<FluidValue> Number(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var mine = (LiquidContext)context;
        var decimals = arguments.At(0).IsNil() ? (int?)null : (int)Math.Clamp(arguments.At(0).ToNumberValue(), 0, 10);
        return new(NumberOf(input, context) is { } number ? new StringValue(mine.Words.Number(number, decimals)) : input);
    }

    /// <summary>The word that goes with a number: forms in the order one, two, few, many, other, as the language has them, or by these names.</summary>
    private static ValueTask<FluidValue> Plural(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var mine = (LiquidContext)context;
        if (NumberOf(input, context) is not { } number)
        {
            return new(input.IsNil() ? input : StringValue.Empty);
        }

        var category = Plurals.Of(mine.Words.Language, number);
        if (arguments.HasNamed("other"))
        {
            return new(arguments.HasNamed(category) ? arguments[category] : arguments["other"]);
        }

        // Fewer forms than the language has: the last stands for the rest. Polish and Russian are given without the form of fractions.
        var index = Plurals.Categories(mine.Words.Language).ToList().IndexOf(category);
        return new(arguments.Count == 0 ? StringValue.Empty : arguments.At(Math.Clamp(index, 0, arguments.Count - 1)));
    }

    private static decimal? NumberOf(FluidValue input, TemplateContext context) =>
        input is NumberValue ? input.ToNumberValue()
        : decimal.TryParse(input.ToStringValue(), NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    /// <summary>Nothing where a value would name a scheme other than those that lead to a page, a mailbox or a telephone.</summary>
    private static ValueTask<FluidValue> Address(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        // Browsers drop these before they look for a scheme.
        var text = string.Concat(input.ToStringValue().Where(c => !char.IsControl(c))).Trim();
        var scheme = text.IndexOfAny([':', '/', '?', '#']) is var at && at >= 0 && text[at] == ':' ? text[..at].ToLowerInvariant() : null;
        return new(scheme is null or "http" or "https" or "mailto" or "tel" ? new StringValue(text) : StringValue.Empty);
    }

    /// <summary>Nothing where a value could be more than a colour, a length or a name.</summary>
    private static ValueTask<FluidValue> Style(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var text = input.ToStringValue();
        return new(text.All(c => char.IsAsciiLetterOrDigit(c) || c is '#' or '%' or '.' or ',' or '-' or ' ') ? new StringValue(text) : StringValue.Empty);
    }
}
