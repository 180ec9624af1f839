using System.Reflection;
using System.Text;

namespace Samepage.Architecture;

/// <summary>What users can name, as a text that is reviewed: a change of it is a decision and never an accident.</summary>
public sealed class PublicSurfaceTests
{
    private const string AcceptVariable = "SAMEPAGE_ACCEPT_SURFACE";
    private const BindingFlags Declared = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static string Reviewed => Path.Combine(SourceTree.Root, "tests", "Samepage.Architecture", "PublicSurface.txt");

    [Fact]
    public void The_public_surface_is_the_reviewed_one()
    {
        string[] found = [.. Describe()];
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
            File.WriteAllText(Reviewed, string.Join('\n', found) + "\n");
        string[] reviewed = File.Exists(Reviewed) ? File.ReadAllText(Reviewed).TrimEnd('\n').Split('\n') : [];
        IEnumerable<string> difference = [.. reviewed.Except(found).Select(l => "- " + l), .. found.Except(reviewed).Select(l => "+ " + l)];
        Assert.True(reviewed.SequenceEqual(found),
            $"The public surface has changed:\n{string.Join('\n', difference)}\nIf that is meant: run this test once with {AcceptVariable}=1, and review the change of PublicSurface.txt.");
    }

    [Fact]
    public void Public_types_name_nothing_of_an_operating_system()
    {
        string[] words = ["Linux", "Windows", "Win32", "Posix", "Unix", "Errno", "Futex", "Inode", "Descriptor", "Mmap", "Kernel32", "Ntdll", "Tmpfs", "DevShm"];
        Assert.Empty(
            from line in Describe()
            where !line.Contains("SafeHandles.SafeFileHandle", StringComparison.Ordinal)
            from word in words
            where line.Contains(word, StringComparison.OrdinalIgnoreCase)
            select $"{word}: {line}");
    }

    [Fact]
    public void Every_public_type_is_in_the_namespace_of_the_library() => Assert.Empty(
        from type in typeof(SharedMemory).Assembly.GetExportedTypes()
        where type.Namespace is not ("Samepage" or "Samepage.Channels" or "Samepage.Diagnostics")
        select type.FullName);

    [Fact]
    public void No_public_type_invites_inheritance_from_outside() => Assert.Empty(
        from type in typeof(SharedMemory).Assembly.GetExportedTypes()
        where type is { IsClass: true, IsSealed: false }
        where type.GetConstructors(Declared).Any(c => c.IsPublic || c.IsFamily || c.IsFamilyOrAssembly)
        select type.FullName);

    private static IEnumerable<string> Describe()
    {
        foreach (Type type in typeof(SharedMemory).Assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            yield return Header(type);
            IEnumerable<string> members = type.IsEnum
                ? type.GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue(), null)}")
                : type.GetMembers(Declared).Select(Member).OfType<string>().Order(StringComparer.Ordinal);
            foreach (string member in members)
                yield return $"{Name(type)}: {member}";
        }
    }

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? (type.IsByRefLike ? "ref struct" : "struct")
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        IEnumerable<Type> bases = type.IsEnum || type.IsValueType ? [] : new[] { type.BaseType }.Where(b => b is not null && b != typeof(object)).Select(b => b!);
        bases = bases.Concat(type.IsEnum ? [] : type.GetInterfaces().Where(i => i.IsPublic && i.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
            .Except(type.BaseType?.GetInterfaces() ?? []).OrderBy(i => i.ToString(), StringComparer.Ordinal));
        string list = string.Join(", ", bases.Select(Name));
        return $"{kind} {type.Namespace}.{Name(type)}{(list.Length > 0 ? " : " + list : "")}";
    }

    private static string? Member(MemberInfo member) => member switch
    {
        ConstructorInfo c when Visible(c) => $"new({Parameters(c)})",
        MethodInfo m when Visible(m) && !m.IsSpecialName && !m.Name.StartsWith('<') => $"{Modifiers(m)}{Nullable(m.ReturnParameter)} {m.Name}{Generic(m)}({Parameters(m)})",
        MethodInfo m when Visible(m) && m.Name.StartsWith("op_", StringComparison.Ordinal) => $"static {Name(m.ReturnType)} {m.Name}({Parameters(m)})",
        PropertyInfo p when p.GetMethod is { } g && Visible(g) => $"{Modifiers(g)}{Nullable(g.ReturnParameter)} {p.Name} {{ get; {Setter(p)}}}",
        FieldInfo f when f.IsPublic => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}",
        EventInfo e when Visible(e.AddMethod!) => $"event {Name(e.EventHandlerType!)} {e.Name}",
        _ => null,
    };

    private static string Setter(PropertyInfo property) => property.SetMethod is not { } set || !Visible(set) ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? "init; " : "set; ";

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifiers(MethodInfo method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.GetBaseDefinition() != method ? "override " : method.IsVirtual && !method.IsFinal ? "virtual " : "");

    private static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name + Constraint(a)))}>" : "";

    private static string Constraint(Type parameter) =>
        parameter.GetCustomAttributesData().Any(a => a.AttributeType.Name == "IsUnmanagedAttribute") ? " : unmanaged" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
    {
        string way = p.IsOut ? "out " : p.ParameterType.IsByRef ? p.IsIn ? "in " : "ref " : "";
        string value = !p.HasDefaultValue ? "" : p.DefaultValue is null ? " = default" : $" = {(p.DefaultValue is Enum e ? $"{Name(e.GetType())}.{e}" : p.DefaultValue)}";
        return $"{way}{Nullable(p)} {p.Name}{value}";
    }));

    private static string Nullable(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        bool reference = !(type.IsByRef ? type.GetElementType()! : type).IsValueType;
        string way = parameter.Position >= 0 || !type.IsByRef ? ""
            : parameter.GetRequiredCustomModifiers().Any(m => m.Name == "InAttribute") ? "ref readonly " : "ref ";
        return way + Name(type) + (reference && new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable ? "?" : "");
    }

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (System.Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        if (type.IsGenericParameter)
            return type.Name;
        var text = new StringBuilder(type.IsNested ? Name(type.DeclaringType!) + "." : type.Namespace is "Samepage" or "System" ? "" : type.Namespace + ".");
        text.Append(type.Name.Split('`')[0]);
        if (type.IsGenericType)
            text.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(Name)).Append('>');
        return text.ToString();
    }
}
