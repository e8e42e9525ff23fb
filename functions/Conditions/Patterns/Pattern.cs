using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LeadFunctions.Conditions.Patterns;

/// <summary>
/// A regular expression of a definition, which meets what strangers type while all other events wait. It never backtracks, so its time grows with the text only; but with a
/// large pattern each character can cost a thousand times what it costs with a small one. So the text is cut, the time is short, and a pattern that ran out of it twice in
/// a row is left alone for a while: it costs the pipeline next to nothing then, whatever comes. What it gave up on is no match, and is counted. Of all patterns that an event meets <see cref="PatternBudget"/> limits the sum.
/// </summary>
internal sealed class Pattern
{
    /// <summary>Characters of a text that it sees; of a list, of all items together.</summary>
    public const int MaxText = 2000;

    public const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    /// <summary>What a pattern learns of its texts it keeps, up to megabytes. After so much work it begins afresh; an ordinary one comes to it after a million characters.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMilliseconds(10);

    private readonly string _text;
    private readonly TimeSpan _patience;
    private readonly Func<TimeSpan> _clock;
    private Regex _regex;
    private long _worked;
    private long _restsUntil;
    private int _rests;
    private volatile bool _wasSlow;

    /// <param name="patience">50 ms when left out.</param>
    /// <param name="clock">Time since some moment, of the machine: what is limited here is its work.</param>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking, or is larger than the engine takes.</exception>
    public Pattern(string text, TimeSpan? patience = null, Func<TimeSpan>? clock = null)
    {
        (_text, _patience, _clock) = (text, patience ?? Patience, clock ?? (() => Stopwatch.GetElapsedTime(0)));
        _regex = Fresh();
    }

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        var begun = _clock();
        if (begun.Ticks < Interlocked.Read(ref _restsUntil) || PatternBudget.IsSpent(_wasSlow))
        {
            PatternsGivenUp.Count(_text);
            return false;
        }

        text = text.Length > MaxText ? text[..MaxText] : text;
        // Twice, unless it rested before: a machine that stood still for a moment is not the pattern's fault.
        for (var tries = Volatile.Read(ref _rests) == 0 ? 2 : 1; tries > 0 && !PatternBudget.IsSpent(_wasSlow); tries--)
        {
            var from = tries == 2 ? begun : _clock();
            try
            {
                var isMatch = _regex.IsMatch(text);
                var now = _clock();
                PatternBudget.Spend(now - from);
                Worked(now - begun);
                _wasSlow = false;
                return isMatch;
            }
            catch (RegexMatchTimeoutException)
            {
                PatternBudget.Spend(_clock() - from);
                (_wasSlow, _regex) = (true, Fresh());
            }
        }

        var rest = FirstRest * Math.Pow(2, Interlocked.Increment(ref _rests) - 1);
        Interlocked.Exchange(ref _restsUntil, (_clock() + (rest < LongestRest ? rest : LongestRest)).Ticks);
        PatternsGivenUp.Count(_text);
        return false;
    }

    private void Worked(TimeSpan time)
    {
        if (Volatile.Read(ref _rests) > 0)
        {
            Interlocked.Exchange(ref _rests, 0);
        }

        if (Interlocked.Add(ref _worked, time.Ticks) > Memory.Ticks)
        {
            Interlocked.Exchange(ref _worked, 0);
            _regex = Fresh();
        }
    }

    private Regex Fresh() => new(_text, Options, _patience);
}
