using System.Runtime.InteropServices;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Facts;

/// <summary>
/// Answers about consent, under <see cref="Consent.Prefix"/>. A no that found no room would be overheard: they have room of their own, what cannot be kept as it came is kept as no yes, and where a client
/// floods them, yes gives way to no (it says little more than that nobody asked) and the no that finds no room even so stands for everything.
/// </summary>
internal sealed partial class TraitMap
{
    /// <summary>Answers kept for one lead, one that is about everything aside.</summary>
    public const int AnswersLimit = 500;

    /// <summary>Refusals that go along with a lead that is let go, one by one: they travel in one event.</summary>
    public const int RefusalsCarried = 100;

    private const string Everything = Consent.Prefix + ConsentAnswer.Everything;

    /// <summary>Neither yes nor no, and therefore a no, under whatever name.</summary>
    private static readonly Value NotKept = Value.From("(not kept: too long)");

    /// <summary>Something was answered since this was copied. It may be the same answer said again: which of several counts goes by when each was said last.</summary>
    public bool HasAnswered { get; private set; }

    public IEnumerable<ConsentAnswer> Answers =>
        _answers == 0 ? [] : _traits.Where(trait => IsAnswer(trait.Key)).Select(trait => new ConsentAnswer(trait.Key[Consent.Prefix.Length..], trait.Value.Value, trait.Value.At));

    /// <summary>Every answer that is no yes, by path, and when it was given (event time, Unix ms); null when there is none.</summary>
    public IReadOnlyDictionary<string, long>? Refusals() =>
        _answers == 0 || _traits.Where(IsRefusal).ToDictionary(trait => trait.Key, trait => trait.Value.At) is not { Count: > 0 } refusals ? null : refusals;

    /// <summary>The refusals that are not among these; of more than <see cref="RefusalsCarried"/>, one of everything. Null when there is none.</summary>
    public TraitMap? RefusedSince(IReadOnlyDictionary<string, long>? known)
    {
        var since = _answers == 0 ? [] : _traits.Where(trait => IsRefusal(trait) && !(known?.GetValueOrDefault(trait.Key, long.MinValue) == trait.Value.At)).ToList();
        return since.Count == 0 ? null
            : since.Count > RefusalsCarried ? new TraitMap(new Dictionary<string, Trait> { [Everything] = new Trait(Value.From(false), since.Max(trait => trait.Value.At)) })
            : new TraitMap(since.ToDictionary(trait => trait.Key, trait => trait.Value.Value.ToString().Length <= 100 ? trait.Value : trait.Value with { Value = NotKept }));
    }

    /// <summary>What is agreed to where there was a no then.</summary>
    /// <param name="own">What was refused here, and when (<see cref="Refusals"/>).</param>
    /// <param name="beside">What others beside had refused: only a yes that was said here since is over a no of theirs.</param>
    /// <param name="then">Event time, Unix ms.</param>
    public IReadOnlyList<string> AgreedSince(IReadOnlyDictionary<string, long>? own, IEnumerable<string> beside, long then) =>
        [.. (own?.Keys ?? []).Concat(beside).Distinct().Where(path => _traits.TryGetValue(path, out var standing) && standing.IsYes(path) && (own?.ContainsKey(path) == true || standing.At >= then))];

    /// <summary>As if these had not been agreed to.</summary>
    /// <param name="own">As above.</param>
    public void TakeBack(IReadOnlyList<string> agreed, IReadOnlyDictionary<string, long>? own)
    {
        foreach (var path in agreed)
        {
            IsChanged = true;
            if (own?.TryGetValue(path, out var at) == true)
            {
                _traits[path] = new Trait(Value.From(false), at);
            }
            else
            {
                _traits.Remove(path);
                _answers--;
            }
        }
    }

    private static bool IsRefusal(KeyValuePair<string, Trait> trait) => IsAnswer(trait.Key) && !trait.Value.IsYes(trait.Key);

    public static bool IsAnswer(string path) => path.StartsWith(Consent.Prefix, StringComparison.Ordinal);

    /// <summary>Sets each leaf of a JSON object as an answer; answers with the paths whose value changed.</summary>
    public IReadOnlyList<string> SetAnswers(JsonElement answers, long at) => SetAnswers(answers, at, at);

    /// <summary>As above.</summary>
    /// <param name="yesAt">When a yes was given, if it is not known as well as a no: 0 yields to everything.</param>
    public IReadOnlyList<string> SetAnswers(JsonElement answers, long at, long yesAt)
    {
        if (answers.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var changed = new List<string>();
        SetAnswers(answers, Consent.Prefix, at, yesAt, 1, changed);
        if (_answers - (_traits.ContainsKey(Everything) ? 1 : 0) - AnswersLimit is > 0 and var tooMany)
        {
            if (Drop(tooMany))
            {
                changed.Add(Everything);
            }

            changed.RemoveAll(path => !_traits.ContainsKey(path));
        }

        return changed;
    }

    private void SetAnswers(JsonElement node, string prefix, long at, long yesAt, int depth, List<string> changed)
    {
        foreach (var property in node.EnumerateObject())
        {
            var path = prefix + JsonText.NameOf(property);
            if (property.Value.ValueKind == JsonValueKind.Object && depth < DepthLimit && property.Value.EnumerateObject().MoveNext())
            {
                SetAnswers(property.Value, path + ".", at, yesAt, depth + 1, changed);
                continue;
            }

            var answer = new Trait(JsonMarshal.GetRawUtf8Value(property.Value).Length <= ValueLimit ? Value.From(property.Value) : NotKept, at);
            if (path.Length > PathLimit)
            {
                // Then it is about something of what is above it, and no step has a topic of that length.
                var above = path.LastIndexOf('.', PathLimit);
                if (above < Consent.Prefix.Length || answer.IsYes(path))
                {
                    continue;
                }

                (path, answer) = (path[..above], new Trait(NotKept, at));
            }

            answer = yesAt != at && answer.IsYes(path) ? answer with { At = yesAt } : answer;
            if (path.Length > Consent.Prefix.Length && !new ConsentAnswer(path[Consent.Prefix.Length..], answer.Value, at).IsNone && Put(path, answer))
            {
                changed.Add(path);
            }
        }
    }

    /// <summary>False when a later value stands, or the same one does.</summary>
    private bool Put(string path, Trait incoming)
    {
        if (!_traits.TryGetValue(path, out var standing))
        {
            _traits.Add(path, incoming);
            _answers += IsAnswer(path) ? 1 : 0;
            HasAnswered |= IsAnswer(path);
            return IsChanged = true;
        }

        var latest = Trait.Latest(path, standing, incoming);
        _traits[path] = latest;
        var isOther = !latest.Value.Equals(standing.Value);
        IsChanged |= isOther;
        IsRenewed |= latest.At != standing.At;
        HasAnswered |= (isOther || latest.At != standing.At) && IsAnswer(path);
        return isOther;
    }

    /// <summary>True when it took an answer about everything.</summary>
    private bool Drop(int tooMany)
    {
        // The oldest first, whatever the order of arrival.
        var droppable = _traits.Where(trait => IsAnswer(trait.Key) && trait.Key != Everything)
            .OrderBy(trait => !trait.Value.IsYes(trait.Key)).ThenBy(trait => trait.Value.At).ThenBy(trait => trait.Key, StringComparer.Ordinal);
        long? refusedAt = null;
        foreach (var (path, answer) in droppable.Take(tooMany).ToList())
        {
            IsChanged |= _traits.Remove(path);
            HasAnswered = true;
            _answers--;
            refusedAt = answer.IsYes(path) ? refusedAt : Math.Max(answer.At, refusedAt ?? long.MinValue);
        }

        return refusedAt is { } at && Put(Everything, new Trait(Value.From(false), at));
    }
}
