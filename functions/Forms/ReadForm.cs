using System.Text.Json.Nodes;
using LeadFunctions.Conditions.Patterns;

namespace LeadFunctions.Forms;

/// <summary>What is wrong with one answer.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Message">In the language of the form.</param>
internal sealed record FormFault(string Field, string Message);

/// <summary>The answers to a form, read by what it asks.</summary>
/// <param name="Answers">By field, in the form's order; without those that nobody gave.</param>
/// <param name="Agreed">The consent fields that were agreed to.</param>
internal sealed record ReadForm(IReadOnlyList<(FormField Field, JsonNode Value)> Answers, IReadOnlyList<FormField> Agreed, IReadOnlyList<FormFault> Faults)
{
    /// <summary>The person's address in its normal form; null when it was not asked for or not given.</summary>
    public string? Email => Answers.FirstOrDefault(answer => answer.Field is { Kind: FieldKind.Email, Trait: FormDocument.EmailTrait }).Value?.GetValue<string>();

    /// <param name="asked">Whether somebody was asked for it: only then an answer can be missing.</param>
    public static ReadForm Of(LocalForm form, SentForm sent, Func<FormField, bool> asked)
    {
        using var budget = PatternBudget.Of(1);
        var answers = new List<(FormField, JsonNode)>();
        var agreed = new List<FormField>();
        var faults = new List<FormFault>();
        foreach (var field in form.Form.Document.Fields)
        {
            var (value, fault) = field.Kind == FieldKind.Attachment ? SentFile.Read(field, sent.Files.GetValueOrDefault(field.Name), form.Texts) : FieldReading.Read(field, sent.All(field.Name), form.Texts, form.Form.Document.Region);
            if (fault is null && value is null && field.IsRequired && asked(field))
            {
                fault = field.Kind == FieldKind.Consent ? form.Texts.NotAgreed : form.Texts.Missing;
            }

            if (fault is not null)
            {
                faults.Add(new(field.Name, fault));
            }
            else if (field.Kind == FieldKind.Consent)
            {
                agreed.AddRange(value is null ? [] : [field]);
            }
            else if (value is null && field.Kind == FieldKind.Checkbox && asked(field))
            {
                answers.Add((field, JsonValue.Create(false)));
            }
            else if (value is not null)
            {
                answers.Add((field, value));
            }
        }

        return new(answers, agreed, faults);
    }
}
