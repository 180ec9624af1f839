using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Samepage.Diagnostics;

/// <summary>Activities, and the context of the current one, which goes along with what is sent.</summary>
internal static class Tracing
{
    private static readonly ActivitySource _source = new("Samepage", typeof(Tracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>Somebody listens. All that a message costs while nobody does.</summary>
    public static bool IsOn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _source.HasListeners();
    }

    /// <summary>Of what this flow of calls does now. False: it is part of nothing that has one.</summary>
    public static bool TryGetContext(out ActivityContext context)
    {
        context = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Context : default;
        return context != default;
    }

    /// <summary>An activity that does not become the current one: it may end on another thread. Null: nobody wants it.</summary>
    public static Activity? Begin(ActivityKind kind, string operation, string service, ActivityContext parent)
    {
        Activity? before = Activity.Current;
        if (_source.CreateActivity(operation, kind, parent) is not { } begun)
            return null;
        begun.DisplayName = $"{operation} {service}";
        _ = begun.SetTag(Tags.Kind, Tags.Of(SharedObjectKind.Service)).SetTag(Tags.Name, service).Start();
        Activity.Current = before;
        return begun;
    }

    public static void End(Activity activity, bool succeeded)
    {
        Activity? before = Activity.Current;
        if (!succeeded)
            _ = activity.SetStatus(ActivityStatusCode.Error);
        activity.Stop();
        Activity.Current = before == activity ? activity.Parent : before;
    }
}
