using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Templates;

/// <summary>Where in HTML a tag of Liquid stands.</summary>
internal enum HtmlPlace : byte
{
    Text,

    /// <summary>Within a comment, or an element that holds text only (title).</summary>
    Words,

    /// <summary>In a quoted attribute.</summary>
    Attribute,

    /// <summary>At the beginning of a quoted attribute that holds an address.</summary>
    Address,

    /// <summary>In a style attribute.</summary>
    Style,
}

/// <summary>
/// Walks through HTML as a browser would and finds out where each tag of Liquid stands. A value is safe where its characters &lt; &gt; &amp; " ' are escaped and it stands in text or in a quoted
/// attribute: it can then end neither. Elsewhere (in a tag, without quotes, in a script) no tag may stand at all, and each branch must end where it began, so that what was found out holds
/// whichever branches are taken.
/// </summary>
internal sealed class HtmlPlaces
{
    private static readonly string[] Addresses = ["href", "src", "action", "formaction", "background", "poster", "cite", "data", "longdesc", "xlink:href"];
    private static readonly string[] Raw = ["script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext", "noscript"];
    private static readonly string[] OnlyWords = ["title", "textarea"];

    private readonly string _html;
    private readonly IReadOnlyList<LiquidTag> _tags;
    private readonly List<HtmlPlace> _places = [];
    private readonly List<LiquidError> _errors = [];
    private readonly Stack<Spot> _branches = new();
    private Spot _spot = new(Kind.Text, 0);
    private string _element = "";
    private string _attribute = "";
    private bool _isAddressBegun;
    private int _attributeDepth;
    private int _next;

    private HtmlPlaces(string html) => (_html, _tags) = (html, LiquidTag.All(html));

    private enum Kind : byte
    {
        Text,
        InTag,
        Quoted,
        Unquoted,
        Comment,
        Words,
        Raw,
    }

    // Two are the same only within the same attribute or comment.
    private readonly record struct Spot(Kind Kind, int From, char Quote = '\0');

    /// <summary>A place for each tag, in order; without meaning where there are errors.</summary>
    public static (IReadOnlyList<LiquidTag> Tags, IReadOnlyList<HtmlPlace> Places, IReadOnlyList<LiquidError> Errors) Of(string html)
    {
        var reader = new HtmlPlaces(html);
        reader.Walk();
        return (reader._tags, reader._places, reader._errors);
    }

    private void Walk()
    {
        for (var at = 0; at < _html.Length;)
        {
            if (_next < _tags.Count && _tags[_next].Start == at)
            {
                at = Take(_tags[_next++]);
                continue;
            }

            at = _spot.Kind switch
            {
                Kind.Text => Text(at),
                Kind.InTag => InTag(at),
                Kind.Quoted => Quoted(at),
                Kind.Unquoted => Unquoted(at),
                Kind.Comment => Comment(at),
                _ => Words(at),
            };
        }

        if (_spot.Kind is not (Kind.Text or Kind.Raw))
        {
            _errors.Add(LiquidError.At(_html, _spot.From, "This has no end.", "an element, attribute or comment that ends"));
        }
    }

    private int Take(LiquidTag tag)
    {
        var (place, fault) = _spot.Kind switch
        {
            Kind.Text => (HtmlPlace.Text, null),
            Kind.Comment => (HtmlPlace.Words, tag.IsOutput ? "A comment of HTML is sent as well: {% comment %} is not." : null),
            Kind.Words => (HtmlPlace.Words, null),
            Kind.Quoted when _attribute.StartsWith("on", StringComparison.OrdinalIgnoreCase) => (default, "Mail programs run no scripts."),
            Kind.Quoted when _element == "meta" => (default, "A value cannot stand in a meta element."),
            Kind.Quoted when _attribute == "style" => (HtmlPlace.Style, tag.IsOutput || tag.Name == "comment" ? null : "Only values can stand in a style: choose between elements, or between classes."),
            Kind.Quoted => (tag.IsOutput && !_isAddressBegun && Addresses.Contains(_attribute) ? HtmlPlace.Address : HtmlPlace.Attribute, null),
            Kind.Unquoted => (default, "This attribute has no quotes: a blank in a value would end it."),
            Kind.Raw => (default, $"Nothing can be filled in within {_element}."),
            _ => (default(HtmlPlace), "This stands inside of a tag, where an attribute or a name would be."),
        };
        _places.Add(place);
        if (fault is not null)
        {
            _errors.Add(LiquidError.At(_html, tag.Start, fault, "text, or an attribute's value in quotes"));
        }

        Branch(tag);
        return tag.End;
    }

    private void Branch(LiquidTag tag)
    {
        if (tag.Opens)
        {
            _branches.Push(_spot);
        }
        else if ((tag.Parts || tag.Closes) && _branches.TryPeek(out var begun))
        {
            if (begun != _spot)
            {
                _errors.Add(LiquidError.At(_html, tag.Start, "What came before this ends elsewhere than it began: inside of a tag, an attribute or a comment.", "branches that begin and end in the same place"));
                _spot = begun;
            }

            _ = tag.Closes ? _branches.Pop() : begun;
        }
    }

    private int Text(int at)
    {
        if (_html[at] != '<' || at + 1 >= _html.Length)
        {
            return at + 1;
        }

        var next = _html[at + 1];
        if (_next < _tags.Count && _tags[_next].Start == at + 1)
        {
            Refuse(_tags[_next].Start); // what stands there would be an element's name
            return at + 1;
        }

        if (Starts(at, "<!--[if") && _html.IndexOf("]>", at, StringComparison.Ordinal) is var condition and > 0)
        {
            return Past(condition + 2); // what Outlook reads as HTML is read as such
        }

        if (Starts(at, "<!--"))
        {
            _spot = new(Kind.Comment, at);
            return at + 4;
        }

        if (Starts(at, "<![CDATA["))
        {
            _errors.Add(LiquidError.At(_html, at, "HTML has no CDATA.", "text"));
        }

        if (next is '!' or '?' || (next == '/' && (at + 2 >= _html.Length || !char.IsAsciiLetter(_html[at + 2]))))
        {
            return Past(_html.IndexOf('>', at) is var end and > 0 ? end + 1 : _html.Length);
        }

        if (next != '/' && !char.IsAsciiLetter(next))
        {
            return at + 1;
        }

        var from = next == '/' ? at + 2 : at + 1;
        var to = from;
        while (to < _html.Length && _html[to] is not ('>' or '/' or ' ' or '\t' or '\r' or '\n' or '\f' or '{'))
        {
            to++;
        }

        _element = (next == '/' ? "/" : "") + _html[from..to].ToLowerInvariant();
        _spot = new(Kind.InTag, at);
        return to;
    }

    /// <summary>Nothing may be filled in on the way there.</summary>
    private int Past(int to)
    {
        for (; _next < _tags.Count && _tags[_next].Start < to; _next++)
        {
            Refuse(_tags[_next].Start);
            _places.Add(default);
            to = Math.Max(to, _tags[_next].End);
        }

        return to;
    }

    private void Refuse(int at) => _errors.Add(LiquidError.At(_html, at, "This stands inside of a tag, where an attribute or a name would be.", "text, or an attribute's value in quotes"));

    private int InTag(int at)
    {
        switch (_html[at])
        {
            case '>':
                _spot = OnlyWords.Contains(_element) ? new(Kind.Words, at) : Raw.Contains(_element) ? new(Kind.Raw, at) : new(Kind.Text, 0);
                return at + 1;
            case '"' or '\'' or '=' or '<':
                _errors.Add(LiquidError.At(_html, at, $"A {_html[at]} stands where an attribute would be.", "attributes with their values in quotes"));
                return at + 1;
            case var c when char.IsWhiteSpace(c) || c == '/':
                return at + 1;
            default:
                return Name(at);
        }
    }

    private int Name(int at)
    {
        var from = at;
        while (at < _html.Length && _html[at] is not ('=' or '>' or '/' or '"' or '\'' or '{') && !char.IsWhiteSpace(_html[at]))
        {
            at++;
        }

        _attribute = _html[from..at].ToLowerInvariant();
        var value = at;
        while (value < _html.Length && char.IsWhiteSpace(_html[value]))
        {
            value++;
        }

        if (value >= _html.Length || _html[value] != '=')
        {
            return at == from ? at + 1 : at;
        }

        for (value++; value < _html.Length && char.IsWhiteSpace(_html[value]); value++)
        {
        }

        (_isAddressBegun, _attributeDepth) = (false, _branches.Count);
        var isQuoted = value < _html.Length && _html[value] is '"' or '\'';
        _spot = isQuoted ? new(Kind.Quoted, value, _html[value]) : new(Kind.Unquoted, value);
        return isQuoted ? value + 1 : value;
    }

    private int Quoted(int at)
    {
        if (_html[at] == _spot.Quote)
        {
            _spot = new(Kind.InTag, at);
        }
        else if (!char.IsWhiteSpace(_html[at]))
        {
            _isAddressBegun |= _branches.Count == _attributeDepth; // what stands in a branch only may not be there
        }

        return at + 1;
    }

    private int Unquoted(int at)
    {
        var ends = _html[at] == '>' || char.IsWhiteSpace(_html[at]);
        _spot = ends ? new(Kind.InTag, at) : _spot;
        return ends ? at : at + 1;
    }

    private int Comment(int at)
    {
        var ends = Starts(at, "-->");
        _spot = ends ? new(Kind.Text, 0) : _spot;
        return ends ? at + 3 : at + 1;
    }

    private int Words(int at)
    {
        if (_html[at] != '<' || !Starts(at, "</" + _element))
        {
            return at + 1;
        }

        _spot = new(Kind.InTag, at);
        var to = at + 2 + _element.Length;
        _element = "/" + _element;
        return to;
    }

    private bool Starts(int at, string text) => string.Compare(_html, at, text, 0, text.Length, StringComparison.OrdinalIgnoreCase) == 0;
}
