using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace LeadFunctions.Templates.Liquid;

/// <summary>Has variables looked up by their whole path, and finds out which filters and variables a text names.</summary>
internal sealed class LiquidNames(string source) : AstRewriter
{
    private readonly HashSet<string> _own = ["forloop"];
    private readonly List<LiquidPath> _paths = [];

    public List<LiquidError> Errors { get; } = [];

    /// <summary>Less those that the text sets itself, wherever it does.</summary>
    public IReadOnlyList<string> Paths => [.. _paths.Where(path => !_own.Contains(path.Root)).Select(path => path.Path).Distinct()];

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        // Anything else begins with a bracket, and names nothing that is known here.
        if (memberExpression.Segments[0] is not IdentifierSegment)
        {
            Errors.Add(LiquidError.At(source, Math.Max(0, source.IndexOf('[')), "A variable cannot begin with a bracket.", "a name: lead.firstName"));
            return memberExpression;
        }

        var path = new LiquidPath(memberExpression);
        _paths.Add(path);
        return path;
    }

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        if (!LiquidFilters.All.TryGetValue(filterExpression.Name, out _))
        {
            var at = source.IndexOf(filterExpression.Name, Math.Max(0, source.IndexOf('|')), StringComparison.Ordinal);
            Errors.Add(LiquidError.At(source, Math.Max(0, at), $"There is no filter \"{filterExpression.Name}\".", $"one of {string.Join(", ", LiquidFilters.Names)}"));
        }

        if (filterExpression.Name == "date" && filterExpression.Parameters is [{ Expression: LiteralExpression { Value: StringValue written } }, ..] && LiquidFilters.FaultOfPattern(written.ToStringValue()) is { } fault)
        {
            Errors.Add(LiquidError.At(source, Math.Max(0, source.IndexOf(written.ToStringValue(), StringComparison.Ordinal)), fault, "a pattern such as %d.%m.%Y"));
        }

        return base.VisitFilterExpression(filterExpression);
    }

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new LimitedRange((RangeExpression)base.VisitRangeExpression(rangeExpression));

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        _own.Add(assignStatement.Identifier);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        _own.Add(forStatement.Identifier);
        return base.VisitForStatement(forStatement);
    }
}

/// <summary>A variable by its whole path, since what is known of a lead is kept by path: <c>lead.company.name</c> needs no company.</summary>
internal sealed class LiquidPath(MemberExpression written) : Expression
{
    // Up to the first index: items[0].name is looked for from "items" on.
    private readonly string[] _names = [.. written.Segments.TakeWhile(segment => segment is IdentifierSegment).Select(segment => ((IdentifierSegment)segment).Identifier)];

    public string Root => _names[0];

    public string Path => string.Join('.', _names);

    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var mine = (LiquidContext)context;
        if (!context.GetValue(Root).IsNil())
        {
            return OrMissing(Done(written.EvaluateAsync(context)));
        }

        for (var length = _names.Length; length > 0; length--)
        {
            if (mine.Find(string.Join('.', _names.Take(length))) is { } found)
            {
                return OrMissing(written.Segments.Skip(length).Aggregate(found, (value, segment) => value.IsNil() ? value : Done(segment.ResolveAsync(value, context))));
            }
        }

        return new(new MissingValue(Path, mine.Missing));

        ValueTask<FluidValue> OrMissing(FluidValue value) => new(value.IsNil() ? new MissingValue(Path, mine.Missing) : mine.Spend(value));
    }

    // All values are in memory: nothing here is ever waited for.
    private static FluidValue Done(ValueTask<FluidValue> value) => value.IsCompleted ? value.Result : throw new LiquidFaultException("A value is not at hand.");
}

/// <summary>A list of numbers is made whole before it is gone through.</summary>
internal sealed class LimitedRange(RangeExpression range) : Expression
{
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var (from, to) = (range.From.EvaluateAsync(context).GetAwaiter().GetResult().ToNumberValue(), range.To.EvaluateAsync(context).GetAwaiter().GetResult().ToNumberValue());
        if (Math.Abs(from) > int.MaxValue / 2 || Math.Abs(to) > int.MaxValue / 2 || to - from > LiquidLimits.Items)
        {
            throw new LiquidFaultException($"A range in it has more than {LiquidLimits.Items} numbers.");
        }

        ((LiquidContext)context).Spend((long)Math.Max(0, to - from));
        return range.EvaluateAsync(context);
    }
}
