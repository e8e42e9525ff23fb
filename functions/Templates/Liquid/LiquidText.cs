using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Fluid;
using Fluid.Parser;

namespace LeadFunctions.Templates.Liquid;

/// <summary>A text with Liquid in it, parsed. Immutable; it knows no file, no network and no time but those that it is given.</summary>
/// <param name="Paths">The variables that it asks for, as they are written, less those that it sets itself.</param>
internal sealed partial record LiquidText(string Source, IReadOnlyList<string> Paths)
{
    /// <summary>What is special in HTML is escaped, in text and in quoted attributes; letters stay as they are.</summary>
    public static readonly TextEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    public static readonly TextEncoder Plain = NullEncoder.Default;

    /// <summary>All but letters, digits and <c>-._~</c>.</summary>
    public static readonly TextEncoder Url = UrlEncoder.Default;

    // Files, other templates, and what writes HTML of its own, keeps it for later or passes a value by the escaping are not part of the language.
    private static readonly string[] Gone = ["include", "render", "liquid", "echo", "raw", "tablerow", "ifchanged", "cycle", "increment", "decrement", "doc", "capture"];

    private static readonly FluidParser Parser = Language();

    private readonly IFluidTemplate? _template;

    private LiquidText(string source, IReadOnlyList<string> paths, IFluidTemplate template)
        : this(source, paths) => _template = template;

    /// <summary>Never throws: what is wrong is the answer.</summary>
    public static (LiquidText? Text, IReadOnlyList<LiquidError> Errors) Parse(string source)
    {
        if (LiquidLimits.FaultOf(source) is { } fault)
        {
            return (null, [fault]);
        }

        if (!Parser.TryParse(source, out var parsed, out var error))
        {
            return (null, [Read(error)]);
        }

        var names = new LiquidNames(source);
        var template = names.VisitTemplate(parsed is FluidTemplate { Statements: not null } ? parsed : new FluidTemplate());
        return names.Errors.Count > 0 ? (null, names.Errors) : (new(source, names.Paths, template), []);
    }

    /// <exception cref="LiquidFaultException">It is beyond the limits, or asks of a value what that is not.</exception>
    public string Render(LiquidContext context, TextEncoder encoder)
    {
        if (_template is null)
        {
            return Source;
        }

        using var writer = new LimitedWriter(context);
        try
        {
            // All values are in memory: nothing is ever waited for.
            _template.RenderAsync(writer, encoder, context).GetAwaiter().GetResult();
            return writer.ToString();
        }
        catch (Exception exception) when (exception is not (LiquidFaultException or OutOfMemoryException))
        {
            // Nothing is asked here but values in memory: whatever goes wrong is between the text and them, and would each time.
            throw new LiquidFaultException(Shown(exception), exception);
        }
    }

    private static string Shown(Exception exception) => exception is InvalidOperationException && exception.Message.StartsWith("The maximum", StringComparison.Ordinal)
        ? $"It takes more than {LiquidLimits.Steps} steps to fill in."
        : exception.Message;

    private static FluidParser Language()
    {
        var parser = new FluidParser(new FluidParserOptions { AllowFunctions = false, AllowParentheses = false, AllowLiquidTag = false, AllowTrailingQuestionMark = false });
        foreach (var name in Gone)
        {
            parser.RegisteredTags.Remove(name);
        }

        return parser;
    }

    // "… at (3:14)", and then the line again.
    private static LiquidError Read(string error)
    {
        var match = Position().Match(error);
        var message = (match.Success ? error[..match.Index] : error.Split('\n')[0]).Trim().TrimEnd('.');
        return new($"{message}.", Number("line"), Number("column"));

        int Number(string group) => match.Success ? int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 1;
    }

    [GeneratedRegex(@"\s*at \((?<line>\d+):(?<column>\d+)\)")]
    private static partial Regex Position();
}
