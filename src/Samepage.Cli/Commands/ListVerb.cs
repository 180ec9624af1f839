using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>What lives on this machine.</summary>
internal sealed class ListVerb : Verb
{
    private readonly Option<SharedObjectKind?> _kind = new("--kind")
    {
        Description = "Only objects of this kind.",
        HelpName = "section|mutex|event|semaphore|lock|reader-writer-lock|pipe|topic|queue|cell|cell-map|service",
        CustomParser = a =>
        {
            string text = a.Tokens[^1].Value;
            if (Enum.TryParse(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out SharedObjectKind kind) && Enum.IsDefined(kind) && kind != SharedObjectKind.Tether && !char.IsAsciiDigit(text[0]))
                return kind;
            a.AddError($"\"{text}\" is no kind. Choose from section, mutex, event, semaphore, lock, reader-writer-lock, pipe, topic, queue, cell, cell-map, service.");
            return null;
        },
    };

    private readonly Option<bool> _json = Common.Json();

    public ListVerb(Session session)
        : base(session, "ls", "List all live objects: size, memory, state and holders.",
            "samepage ls", "samepage ls --kind mutex", "samepage ls --json | jq '.[].name'")
    {
        Add(_kind);
        Add(_json);
    }

    protected override int Run(ParseResult line)
    {
        SharedObjectKind? kind = line.GetValue(_kind);
        SharedObjectInfo[] found =
        [
            .. SharedObjects.List(withHolders: true)
                .Where(o => kind is null || o.Kind == kind)
                .OrderBy(o => o.Name, StringComparer.Ordinal),
        ];
        if (line.GetValue(_json))
            Json.Write(Session.Terminal.Out, found.Select(ObjectJson.Of).ToArray(), Json.Context.ObjectJsonArray);
        else
            ObjectTable.Write(Session.Terminal, found);
        return ExitCodes.Success;
    }
}
