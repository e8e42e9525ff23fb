using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions.Documents;

/// <summary>The operands of <c>equals</c> and <c>in</c>: scalars that a value is looked up among.</summary>
internal sealed class Literals
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _texts;
    private readonly HashSet<double> _numbers = [];
    private readonly HashSet<double> _numbersAsText = [];
    private readonly bool _true;
    private readonly bool _false;
    private readonly bool _nothing;

    public Literals(IEnumerable<Value> values)
    {
        var texts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        _texts = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var value in values)
        {
            if (value.Text is { } text)
            {
                texts.Add(text);
                _true |= text.Equals("true", StringComparison.OrdinalIgnoreCase);
                _false |= text.Equals("false", StringComparison.OrdinalIgnoreCase);
                if (Values.Numbers.TryParse(text, out var number))
                {
                    _numbersAsText.Add(number);
                }
            }
            else if (value.Truth is { } truth)
            {
                texts.Add(truth ? "true" : "false");
                _true |= truth;
                _false |= !truth;
            }
            else if (value.Number is { } number)
            {
                _numbers.Add(number);
            }
            else
            {
                _nothing = true;
            }
        }
    }

    /// <summary>Those that a number can equal.</summary>
    public IEnumerable<double> Numbers => _numbers.Concat(_numbersAsText);

    public bool Contain(in Scalar scalar) => scalar.Kind switch
    {
        ValueKind.Missing or ValueKind.Null => _nothing,
        ValueKind.True => _true,
        ValueKind.False => _false,
        ValueKind.Number => _numbers.Contains(scalar.Number) || _numbersAsText.Contains(scalar.Number),
        // Text among text compares as text ("1.0" is not "1"); only against a number does it become one.
        ValueKind.Text => _texts.Contains(scalar.Text) || (_numbers.Count > 0 && Values.Numbers.TryParse(scalar.Text, out var number) && _numbers.Contains(number)),
        _ => false,
    };
}
