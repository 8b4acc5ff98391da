using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace UnbindPortal.Support.Code;

/// <summary>
/// Which types a type uses, in signatures, attributes and method bodies. What the compiler makes of lambdas, iterators and async
/// methods are nested types, and count for the type as written. Constants and enum members leave no trace in a body.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The types of an assembly as written in its source: nested ones and the compiler's own left out.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type =>
                !type.IsNested && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !type.Name.StartsWith('<')
            );

    /// <summary>The outermost types that a type and all nested in it use, itself left out.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var uses = new HashSet<Type>();
        Collect(type, uses);
        uses.Remove(type);
        return uses;
    }

    private static void Collect(Type type, HashSet<Type> uses)
    {
        Add(type.BaseType, uses);
        AddAll(type.GetInterfaces(), uses);
        AddAttributes(type, uses);
        AddConstraints(type.IsGenericTypeDefinition ? type.GetGenericArguments() : [], uses);
        foreach (var field in type.GetFields(Declared))
        {
            Add(field.FieldType, uses);
            AddAttributes(field, uses);
        }

        foreach (var member in type.GetProperties(Declared).Cast<MemberInfo>().Concat(type.GetEvents(Declared)))
        {
            AddAttributes(member, uses);
        }

        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            CollectMethod(method, uses);
        }

        foreach (var nested in type.GetNestedTypes(Declared))
        {
            Collect(nested, uses);
        }
    }

    private static void CollectMethod(MethodBase method, HashSet<Type> uses)
    {
        AddSignature(method, uses);
        AddAttributes(method, uses);
        AddConstraints(method.IsGenericMethodDefinition ? method.GetGenericArguments() : [], uses);
        foreach (var parameter in method.GetParameters())
        {
            AddAttributes(parameter.GetCustomAttributesData(), uses);
        }

        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        AddAll(body.LocalVariables.Select(local => local.LocalType), uses);
        AddAll(
            body.ExceptionHandlingClauses.Where(clause => clause.Flags is ExceptionHandlingClauseOptions.Clause)
                .Select(clause => clause.CatchType),
            uses
        );
        foreach (var token in Tokens(body.GetILAsByteArray() ?? []))
        {
            AddMember(Resolve(method, token), uses);
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) =>
        method.Module.ResolveMember(
            token,
            method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
            method.IsGenericMethod ? method.GetGenericArguments() : null
        );

    private static void AddMember(MemberInfo? member, HashSet<Type> uses)
    {
        switch (member)
        {
            case Type type:
                Add(type, uses);
                break;
            case FieldInfo field:
                Add(field.DeclaringType, uses);
                Add(field.FieldType, uses);
                break;
            case MethodBase method:
                Add(method.DeclaringType, uses);
                AddSignature(method, uses);
                AddAll(method.IsGenericMethod ? method.GetGenericArguments() : [], uses);
                break;
        }
    }

    private static void AddSignature(MethodBase method, HashSet<Type> uses)
    {
        AddAll(method.GetParameters().Select(parameter => parameter.ParameterType), uses);
        Add((method as MethodInfo)?.ReturnType, uses);
    }

    private static void AddAttributes(MemberInfo member, HashSet<Type> uses) => AddAttributes(member.GetCustomAttributesData(), uses);

    private static void AddAttributes(IEnumerable<CustomAttributeData> attributes, HashSet<Type> uses)
    {
        foreach (var attribute in attributes)
        {
            Add(attribute.AttributeType, uses);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(named => named.TypedValue)))
            {
                AddArgument(argument, uses);
            }
        }
    }

    private static void AddArgument(CustomAttributeTypedArgument argument, HashSet<Type> uses)
    {
        Add(argument.ArgumentType, uses);
        switch (argument.Value)
        {
            case Type type:
                Add(type, uses);
                break;
            case IEnumerable<CustomAttributeTypedArgument> elements:
                foreach (var element in elements)
                {
                    AddArgument(element, uses);
                }

                break;
        }
    }

    private static void AddConstraints(IEnumerable<Type> parameters, HashSet<Type> uses) =>
        AddAll(parameters.SelectMany(parameter => parameter.GetGenericParameterConstraints()), uses);

    private static void AddAll(IEnumerable<Type?> types, HashSet<Type> uses)
    {
        foreach (var type in types)
        {
            Add(type, uses);
        }
    }

    /// <summary>Takes arrays, references and generic types apart and keeps the outermost type of each part.</summary>
    private static void Add(Type? type, HashSet<Type> uses)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(type.GetElementType(), uses);
            return;
        }

        if (type.IsConstructedGenericType)
        {
            AddAll(type.GetGenericArguments(), uses);
            type = type.GetGenericTypeDefinition();
        }

        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        uses.Add(type);
    }

    /// <summary>The metadata tokens of the instructions that name a type or member.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length; )
        {
            var isLong = code[at] == 0xFE;
            var opCode = OpCodesByValue[isLong ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += isLong ? 2 : 1;
            if (
                opCode.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
            )
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += OperandLength(opCode.OperandType, code, at);
        }
    }

    private static int OperandLength(OperandType operand, byte[] code, int at) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };
}
